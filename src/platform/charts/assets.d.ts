/** Files that are embedded with `{ type: "file" }`: the import gives a path. */
declare module "*.ttf" {
  const path: string;
  export default path;
}
declare module "@resvg/resvg-wasm/index_bg.wasm" {
  const path: string;
  export default path;
}
