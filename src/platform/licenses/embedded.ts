/** The path of the gathered notices inside the executable. From source there is none: the build puts another module here. */
export const noticesPath: string | undefined = undefined;
