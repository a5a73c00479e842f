/** Templates and styles of reports are imported as text: `import template from "./report.typ" with { type: "text" }`. */
declare module "*/report.typ" {
  const text: string;
  export default text;
}
declare module "*/report.css" {
  const text: string;
  export default text;
}
