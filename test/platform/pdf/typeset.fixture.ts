import wasmPath from "@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler_bg.wasm" with { type: "file" };
import { lettersWithoutFont, typesetPdf } from "../../../src/platform/pdf";

const pdf = await typesetPdf({
  template: '#set text(font: "IBM Plex Sans")\n#json("/data.json")',
  files: { "/data.json": JSON.stringify("Łódź") },
});
await Bun.write("document.pdf", pdf);
const facts = { path: wasmPath, packedBytes: Bun.file(wasmPath).size, missing: await lettersWithoutFont(["a漢"]) };
await Bun.write(Bun.stdout, JSON.stringify(facts));
