/** What a report shows at most, so that it stays one that is read; the JSON and the CSV report have all. */

/** Of all results together: read as JSON they take several times as much memory. */
export const MAX_RESULT_BYTES = 64 * 2 ** 20;
/** Rows of one table that a page shows. */
export const MAX_SHOWN_ROWS = 2000;
/** Cells of all tables of a PDF together: each takes about 30 kB of the typesetter's memory and 0.2 ms. */
export const MAX_PDF_CELLS = 18_000;
/** Charts of a PDF. */
export const MAX_PDF_CHARTS = 200;
/** Sections of a PDF. */
export const MAX_PDF_SECTIONS = 1000;
/** Columns of one table side by side; more are shown below in parts of so many. */
export const MAX_COLUMNS_ABREAST = 9;
/** Letters of one cell or name. */
export const MAX_LINE_LETTERS = 2000;
/** Letters of one section's text. */
export const MAX_TEXT_LETTERS = 20_000;
/** Letters of a title. */
export const MAX_TITLE_LETTERS = 200;
