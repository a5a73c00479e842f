/** A tag of an XML text, and the text before it. */
export interface XmlTag {
  /** Without its prefix. */
  name: string;
  attributes: string;
  kind: "start" | "end" | "empty";
  /** What stands between the tag before and this one, entities resolved. */
  text: string;
}

/**
 * Walks over the tags of an XML text once, from front to back. Nothing that the text declares is taken: no entity of its
 * own, no other file.
 */
export function* xmlTags(xml: string): Generator<XmlTag> {
  let [at, text] = [0, ""];
  for (let open = xml.indexOf("<"); open >= 0; open = xml.indexOf("<", at)) {
    text += xml.slice(at, open);
    const end = skippedTo(xml, open) ?? ">";
    const close = xml.indexOf(end, open);
    if (close < 0) return;
    at = close + end.length;
    if (xml.startsWith(CDATA, open)) text += xml.slice(open + CDATA.length, close);
    if (/[?!]/.test(xml[open + 1] ?? "")) continue;
    yield tagOf(xml.slice(open + 1, close), text);
    text = "";
  }
}

const CDATA = "<![CDATA[";

/** What ends a comment or a text that stands as it is; undefined for all else. */
function skippedTo(xml: string, open: number): string | undefined {
  return xml.startsWith("<!--", open) ? "-->" : xml.startsWith(CDATA, open) ? "]]>" : undefined;
}

function tagOf(inside: string, text: string): XmlTag {
  const isEnd = inside.startsWith("/");
  const isEmpty = inside.endsWith("/");
  const bare = inside.slice(isEnd ? 1 : 0, isEmpty ? -1 : undefined);
  const space = bare.search(/\s/);
  const name = space < 0 ? bare : bare.slice(0, space);
  return {
    name: name.slice(name.indexOf(":") + 1),
    attributes: space < 0 ? "" : bare.slice(space),
    kind: isEnd ? "end" : isEmpty ? "empty" : "start",
    text: text.includes("&") ? withoutEntities(text) : text,
  };
}

/** The value of an attribute, by its name with its prefix; undefined where the tag has none. */
export function attributeOf({ attributes }: XmlTag, name: string): string | undefined {
  for (const quote of ['"', "'"]) {
    const at = attributes.search(new RegExp(`\\s${name}\\s*=\\s*${quote}`));
    if (at < 0) continue;
    const from = attributes.indexOf(quote, at) + 1;
    const end = attributes.indexOf(quote, from);
    return end < 0 ? undefined : withoutEntities(attributes.slice(from, end));
  }
  return undefined;
}

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? NAMED[name]! : whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
