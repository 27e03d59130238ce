/** From the results of `convex-relu reproduce` to a page, CSV and JSON. */
export { PlotLibraryError } from './plot-library.js';
export { type Report, type ReportData, renderData, renderReport } from './report.js';
export { PAGE_NAME, RESULTS_NAME, writeReport } from './write.js';
