/**
 * Fills in a kernel's template: `{{name}}` is replaced by the text of that name, and lines between `//#if name` and
 * `//#end` (with `//#else` between them) stay where `name` is among `kept`. Parts may stand inside each other.
 * @throws Error for a name without a text, and for parts that do not close.
 */
export function fillTemplate(
  template: string,
  texts: Readonly<Record<string, string>>,
  kept: ReadonlySet<string>,
): string {
  const open: boolean[] = [];
  const lines: string[] = [];
  for (const line of template.split("\n")) {
    const [, directive, name = ""] = /^\s*\/\/#(if|else|end)\s*(\w*)/.exec(line) ?? [];
    if (directive === "if") open.push(kept.has(name));
    else if (directive === "else") open.push(!open.pop()!);
    else if (directive === "end") open.pop();
    else if (open.every(Boolean)) lines.push(line);
  }
  if (open.length > 0) throw new Error("a part of the kernel's template is not closed");
  return lines.join("\n").replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const text = texts[name];
    if (text === undefined) throw new Error(`the kernel's template asks for ${name}, which has no text`);
    return text;
  });
}
