import manifest from "../../package.json" with { type: "json" };

/** The program's version, as the package says it. */
export const VERSION: string = manifest.version;

/** Put in by the build of the executable. */
declare const BUILD_COMMIT: string | undefined;

/** The commit that this executable was built from; `source` where the program runs from source. */
export const BUILD: string = typeof BUILD_COMMIT === "string" ? BUILD_COMMIT : "source";
