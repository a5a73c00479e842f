/** A page with these plots, PNG in base64 by name; it loads nothing from elsewhere. */
export function plotGallery(plots: Record<string, string>): Response {
  const figures = Object.entries(plots).map(
    ([name, png]) => `<img src="data:image/png;base64,${png}" alt="${Bun.escapeHTML(name)}" loading="lazy">`,
  );
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Latest simulation · Foresight</title>
<style>body{margin:16px;font:14px system-ui;display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr))}img{width:100%;height:auto}</style>
</head>
<body>${figures.join("\n")}</body>
</html>
`;
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
  });
}
