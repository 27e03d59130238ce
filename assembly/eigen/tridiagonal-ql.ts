/**
 * Implicit QL with Wilkinson shifts for a small symmetric tridiagonal matrix; the rows of Q take the rotations. Cubic
 * convergence, about 1.7 sweeps an eigenvalue; the cap only stops a defect.
 * Reference: B. Parlett, The Symmetric Eigenvalue Problem, section 8.13; EISPACK tql2.
 */
import { get, put, row } from '../address';
import { NO_CONVERGENCE, OK } from '../../src/engine/constants';
import { rotate } from './rotate';

const UNIT: f64 = 1.1102230246251565e-16;
/** Off-diagonals below this (matrix scaled to about 1) are zero, so that a zero diagonal cannot keep them alive. */
const TINY: f64 = 1e-290;
const MAX_SWEEPS: i32 = 60;
/**
 * Sweeps after which an off-diagonal entry below the round-off of the whole matrix counts as zero too. Neighbours far below that (graded
 * matrices) are noise that the sweeps stir without end; dropping such entries is an error of UNIT · ‖T‖ at most.
 */
const PATIENT_SWEEPS: i32 = 20;
/** Lengths below this are computed after scaling by 2⁶⁰⁰, which neither overflows them nor lets a square vanish. */
const UNDERFLOW: f64 = 1e-140;
const SCALE_UP: f64 = 4.149515568880993e180;

/** d (n) becomes the eigenvalues, unordered; e (n−1, room for n) is destroyed. Rows of Q have `length` entries; Q = 0: none. */
export function tridiagonalQl(n: i32, d: usize, e: usize, Q: usize, ldq: i32, length: i32): i32 {
  let size = 0.0;
  for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(get(d, i)) + (i < n - 1 ? Math.abs(get(e, i)) : 0));
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const noise = sweep < PATIENT_SWEEPS ? TINY : UNIT * size;
      let m = l;
      for (; m < n - 1; m++) {
        if (Math.abs(get(e, m)) <= UNIT * (Math.abs(get(d, m)) + Math.abs(get(d, m + 1))) + noise) break;
      }
      if (m == l) break;
      if (sweep == MAX_SWEEPS) return NO_CONVERGENCE;
      let g = (get(d, l + 1) - get(d, l)) / (2 * get(e, l));
      let r = Math.sqrt(g * g + 1);
      g = get(d, m) - get(d, l) + get(e, l) / (g + (g >= 0 ? r : -r));
      let s = 1.0;
      let c = 1.0;
      let p = 0.0;
      let split = false;
      for (let i = m - 1; i >= l; i--) {
        const f = s * get(e, i);
        const b = c * get(e, i);
        r = Math.sqrt(f * f + g * g);
        // Squares that underflow would make the rotation lose its unit length.
        const up = r < UNDERFLOW ? SCALE_UP : 1.0;
        if (up != 1) r = Math.sqrt(f * up * (f * up) + g * up * (g * up));
        if (i + 1 < m) put(e, i + 1, r / up);
        if (r == 0) {
          put(d, i + 1, get(d, i + 1) - p);
          if (m < n - 1) put(e, m, 0);
          split = true;
          break;
        }
        s = (f * up) / r;
        c = (g * up) / r;
        g = get(d, i + 1) - p;
        r = (get(d, i) - g) * s + 2 * c * b;
        p = s * r;
        put(d, i + 1, g + p);
        g = c * r - b;
        if (Q) rotate(length, row(Q, i + 1, ldq), row(Q, i, ldq), c, s);
      }
      if (split) continue;
      put(d, l, get(d, l) - p);
      put(e, l, g);
      if (m < n - 1) put(e, m, 0);
    }
  }
  return OK;
}
