import { useEffect, useState } from "preact/hooks";

/** A PDF in the browser's own viewer; where it has none the file can still be saved. */
export function PdfPane({ file, title }: { file: Blob; title: string }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([file], { type: "application/pdf" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  if (!navigator.pdfViewerEnabled) return <p class="quiet-text">This browser shows no PDF. Save it instead.</p>;
  return address === undefined ? null : <iframe class="pdf" title={title} src={address} />;
}
