import { toast } from "./toast";

/** Hands the browser a file to save. */
export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The click has read the address by the end of this task.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

/** Saves text as a file, such as a CSV. */
export function downloadText(name: string, type: string, text: string): void {
  download(name, new Blob([text], { type }));
}

/** Puts the text on the clipboard and says so. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied`);
  } catch {
    toast(`The browser did not let ${what} be copied`);
  }
}
