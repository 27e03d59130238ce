/** Kernel statuses; the same numbers as `Status` in src/engine/abi.ts. Positive values are explained at the kernel. */
export const OK: i32 = 0;
export const NOT_FINITE: i32 = -1;
export const NO_CONVERGENCE: i32 = -2;
