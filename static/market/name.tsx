/** What is to be seen of a text: itself, in quotes where it has no visible character, so that it can be pointed at. */
export function seenText(text: string): string {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? text : `"${text}"`;
}

/** A name that somebody chose: cut where it is long, all of it on hover, and kept from turning its surroundings. */
export function Name({ text }: { text: string }) {
  return (
    <bdi class="name" title={text}>
      {seenText(text)}
    </bdi>
  );
}
