import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dir, "corpus");

/** Names of all inputs that are kept. */
export function corpusNames(): string[] {
  return readdirSync(FOLDER).map((file) => file.replace(/\.hex$/, ""));
}

/** The bytes of one input. A line is a comment, or bytes in hexadecimal; ` *N` behind them repeats the line N times. */
export function corpusBytes(name: string): Buffer {
  const lines = readFileSync(join(FOLDER, `${name}.hex`), "utf8").split("\n");
  return Buffer.concat(lines.filter((line) => line !== "" && !line.startsWith("#")).map(bytesOf));
}

function bytesOf(line: string): Buffer {
  const [hex, times = "1"] = line.split("*");
  const bytes = Buffer.from(hex!.replaceAll(" ", ""), "hex");
  return Buffer.alloc(bytes.length * Number(times), bytes);
}
