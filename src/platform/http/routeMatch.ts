/** Whether a route's pattern, such as `/item/:id`, matches a path; a slash at the end makes no difference. */
export function matchesRoute(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  const [wanted, parts] = [bare(pattern).split("/"), bare(path).split("/")];
  if (wanted.length !== parts.length) return false;
  return wanted.every((part, i) => (part.startsWith(":") ? parts[i] !== "" : part === parts[i]));
}

function bare(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
