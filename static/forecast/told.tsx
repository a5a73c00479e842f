/** What the reader and the model have to say, a sentence each. */
export function Told({ warnings }: { warnings: readonly { code: string; message: string }[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="told" aria-label="What to know about this forecast">
      {warnings.map(({ code, message }) => (
        <li key={`${code} ${message}`}>
          <span class="badge stale">{code.replaceAll("_", " ")}</span> {message}
        </li>
      ))}
    </ul>
  );
}
