/** Whether a route's pattern, such as `/item/:id`, matches a path. */
export function matchesRoute(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  if (!pattern.includes(":")) return false;
  const [wanted, parts] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== parts.length) return false;
  return wanted.every((part, i) => (part.startsWith(":") ? parts[i] !== "" : part === parts[i]));
}
