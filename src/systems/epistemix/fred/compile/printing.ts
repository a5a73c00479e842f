import { RunError } from "../engine/errors";
import type { World } from "../engine/world";
import type { Expression } from "../syntax/ast";
import { SourceError } from "../syntax/source";
import { textOf } from "../text";
import type { ActionEntry } from "./actionEntry";
import type { Compiler } from "./context";

const MAX_PRINTED_BYTES = 1024 ** 3;
const MANY = Number.POSITIVE_INFINITY;

/** Where `print` writes. */
export const PRINT_FILE = "print_output.txt";

function write({ printed }: World, file: string, line: string): void {
  const lines = printed.files.get(file);
  printed.bytes += line.length + 1;
  if (printed.bytes > MAX_PRINTED_BYTES) throw new RunError("the program printed more than 1 GiB");
  if (lines === undefined) printed.files.set(file, [line]);
  else lines.push(line);
}

/** What each argument is printed as. */
function texts(
  compiler: Compiler,
  args: readonly Expression[],
  cell: (text: string) => string,
): (agent: number) => string[] {
  const { strings, model } = compiler.world;
  const parts = args.map((arg): ((agent: number) => string) => {
    if (arg.kind === "text") return () => cell(arg.value);
    const variable = arg.kind === "name" ? model.variables.get(arg.name) : undefined;
    if (variable?.shape === "string") return () => cell(strings[variable.slot]!);
    const value = compiler.value(arg);
    if (value.shape === "numeric") return (agent) => textOf(value.of(agent));
    return (agent) => cell(value.of(agent).map(textOf).join(","));
  });
  return (agent) => parts.map((part) => part(agent));
}

/** A cell of a CSV file, in quotes where it needs them. */
function csvCell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The name of a file of the program, which lies beside the others of its output. */
function fileName(arg: Expression): string {
  const name = arg.kind === "text" ? arg.value : "";
  if (!/^[\w.-]{1,100}$/.test(name) || name.startsWith(".") || name === PRINT_FILE)
    throw new SourceError(
      arg.at,
      `${name || "this"} cannot be the name of an output file: letters, digits, _ . - and no folder`,
    );
  return name;
}

const toFile = (line: (texts: readonly string[]) => string, cell: (text: string) => string): ActionEntry => ({
  takes: [1, MANY],
  compile(compiler, [file, ...args]) {
    const name = fileName(file!);
    const parts = texts(compiler, args, cell);
    return (agent) => write(compiler.world, name, line(parts(agent)));
  },
});

const open = (line: ActionEntry): ActionEntry => ({
  takes: [1, MANY],
  compile(compiler, args, at) {
    const name = fileName(args[0]!);
    const head = args.length > 1 ? line.compile(compiler, args, at) : undefined;
    const { files } = compiler.world.printed;
    return (agent) => {
      if (files.has(name)) return;
      files.set(name, []);
      head?.(agent);
    };
  },
});

const plain = (text: string) => text;
const csvLine = toFile((cells) => cells.join(","), csvCell);
const fileLine = toFile((parts) => parts.join(" "), plain);

/** Actions that write files of the result. */
export const printing: Readonly<Record<string, ActionEntry>> = {
  open_csv: open(csvLine),
  print_csv: csvLine,
  open_file: open(fileLine),
  print_file: fileLine,
  print: {
    takes: [0, MANY],
    compile(compiler, args) {
      const parts = texts(compiler, args, plain);
      return (agent) => write(compiler.world, PRINT_FILE, parts(agent).join(" "));
    },
  },
};
