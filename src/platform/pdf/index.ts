/**
 * Typesetting: a template in Typst and data become a PDF, in the thread that calls. Nothing here knows what documents
 * say; docs/reports.md, "How a PDF is made".
 */
export { lettersWithoutFont } from "./coverage";
export { type TypstSource, typesetPdf, typesetterBytes } from "./typeset";
