import { expect, test } from "bun:test";
import { asset, type Bundle } from "../../../src/platform/assets/bundle";
import { pack, unpack } from "../../../src/platform/assets/pack";

const bytes = (text: string) => new TextEncoder().encode(text);

test("a packed bundle is the same when it is unpacked", () => {
  const bundle: Bundle = {
    manifest: { start: { scripts: ["page-1.js"], styles: ["style-1.css"] } },
    pages: [asset("start", bytes(`<!doctype html>${" ".repeat(500)}`))],
    files: [asset("page-1.js", bytes("ä".repeat(4000))), asset("empty.css", bytes("")), asset("short.js", bytes("1"))],
  };
  expect(unpack(pack(bundle))).toEqual(bundle);
});

test("a torn pack is refused", () => {
  const whole = pack({ manifest: {}, pages: [asset("start", bytes("x"))], files: [] });
  expect(() => unpack(whole.slice(0, 20))).toThrow(SyntaxError);
});
