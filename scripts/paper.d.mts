export function bundlePaper(outdir: string): Promise<string>;
