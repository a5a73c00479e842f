/** Embedded with `{ type: "file" }`: the import gives a path. */
declare module "@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler_bg.wasm" {
  const path: string;
  export default path;
}
