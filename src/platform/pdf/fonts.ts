import mono from "@expo-google-fonts/ibm-plex-mono/400Regular/IBMPlexMono_400Regular.ttf" with { type: "file" };
import sans from "@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf" with { type: "file" };
import sansBold from "@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf" with { type: "file" };
import arabic from "@expo-google-fonts/ibm-plex-sans-arabic/400Regular/IBMPlexSansArabic_400Regular.ttf" with {
  type: "file",
};
import arabicBold from "@expo-google-fonts/ibm-plex-sans-arabic/600SemiBold/IBMPlexSansArabic_600SemiBold.ttf" with {
  type: "file",
};
import hebrew from "@expo-google-fonts/ibm-plex-sans-hebrew/400Regular/IBMPlexSansHebrew_400Regular.ttf" with {
  type: "file",
};
import hebrewBold from "@expo-google-fonts/ibm-plex-sans-hebrew/600SemiBold/IBMPlexSansHebrew_600SemiBold.ttf" with {
  type: "file",
};
import { fileBytes } from "../packedFile";

/**
 * The fonts that documents are set in, each regular and semi-bold where both are needed. They hold Latin with all that
 * Vietnamese needs, Greek, Cyrillic, Hebrew and Arabic.
 */
const FONT_PATHS = [sans, sansBold, arabic, arabicBold, hebrew, hebrewBold, mono];

let fonts: Promise<Uint8Array[]> | undefined;

/** The fonts as files hold them, read once a thread. */
export function loadFonts(): Promise<Uint8Array[]> {
  fonts ??= Promise.all(FONT_PATHS.map(fileBytes)).catch((error: unknown) => {
    // The next document tries again.
    fonts = undefined;
    throw error;
  });
  return fonts;
}
