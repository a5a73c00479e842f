/** The path of the packed pages inside the executable. From source there is none: the build puts another module here. */
export const packPath: string | undefined = undefined;
