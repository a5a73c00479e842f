import { RequestError } from "../../../../platform/errors";
import { attributeOf, xmlTags } from "./xmlTags";

export interface Workbook {
  /** Name and member of each sheet that is shown, in order. */
  sheets: { name: string; member: string }[];
  calendar: "1900" | "1904";
}

export const WORKBOOK = "xl/workbook.xml";
export const RELATIONS = "xl/_rels/workbook.xml.rels";

/** What a workbook says of its sheets. @throws RequestError 422 where there is none */
export function workbookOf(parts: ReadonlyMap<string, string>): Workbook {
  const members = membersById(parts.get(RELATIONS) ?? "");
  const workbook: Workbook = { sheets: [], calendar: "1900" };
  for (const tag of xmlTags(parts.get(WORKBOOK) ?? "")) {
    if (tag.name === "workbookPr" && /^(1|true)$/.test(attributeOf(tag, "date1904") ?? "")) workbook.calendar = "1904";
    if (tag.name !== "sheet" || tag.kind === "end" || attributeOf(tag, "state")?.includes("idden")) continue;
    const member = members.get(attributeOf(tag, "r:id") ?? attributeOf(tag, "[\\w]+:id") ?? "");
    if (member !== undefined) workbook.sheets.push({ name: attributeOf(tag, "name") ?? "", member });
  }
  if (workbook.sheets.length > 0) return workbook;
  throw new RequestError(422, "The zip file holds no workbook with a sheet: save the table as .xlsx or .csv.");
}

function membersById(xml: string): Map<string, string> {
  const members = new Map<string, string>();
  for (const tag of xmlTags(xml)) {
    const [id, target] = [attributeOf(tag, "Id"), attributeOf(tag, "Target")];
    if (tag.name !== "Relationship" || id === undefined || target === undefined) continue;
    members.set(id, target.startsWith("/") ? target.slice(1) : `xl/${target}`);
  }
  return members;
}

/** The texts that cells name by number; of a text in several formats the whole, of readings (furigana) nothing. */
export function sharedTexts(xml: string): string[] {
  const texts: string[] = [];
  let [text, isReading] = ["", false];
  for (const tag of xmlTags(xml)) {
    if (tag.name === "rPh") isReading = tag.kind === "start";
    if (tag.name === "t" && tag.kind === "end" && !isReading) text += tag.text;
    if (tag.name !== "si" || tag.kind === "start") continue;
    texts.push(text);
    text = "";
  }
  return texts;
}
