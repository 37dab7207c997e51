/**
 * Which floats become a 1, in WGSL, without a division.
 *
 * The rules of `layout.ts` divide: x / alpha + z >= 0, p / alpha > 0.5. A GPU's division may be off by 2.5 units in the last place and
 * may flush subnormals to 0, so an x near the border could get the wrong bit. But each rule is monotonic in x: x is a 1 from some
 * border on, and the border, the smallest float for which the correctly rounded rule holds, follows from alpha and z by integer
 * arithmetic:
 *
 * - Floats are compared by their **rank** among all floats: read as integers, their bits are ordered as they are, once the negative ones
 *   are reversed. -0 and 0 share rank 0; infinities have the last ranks; beyond them is NaN, which becomes a 0.
 * - **p / alpha > 0.5** rounds to at most 0.5 exactly where p <= alpha / 2, so p is a 1 from the first float above alpha / 2. Halving
 *   subtracts one from the exponent.
 * - **x / alpha + z >= 0** is x / alpha >= c = -z, because a sum of floats never rounds to 0. Rounded to nearest, x / alpha reaches c
 *   half a float's step early: x >= c alpha - reach, reach = alpha * (half the step); c is even, so a tie goes to it. (Below a power of
 *   two the step is half of that above, but there c alpha is a float, and the float before it is too far away.) c alpha is an exact
 *   integer product of 8 and 24 bits; its upper 24 bits are a float, and the border is that float or the next.
 * - z = 0 is special: a negative x / alpha that underflows to -0 counts as >= 0, so the border is -alpha * 2^-150.
 *
 * A negative alpha mirrors x. Holds for every x and every normal alpha (elastic: every finite alpha), and |z| <= 255. WGSL may assume that
 * NaN and infinities do not occur; where an implementation leaves their bits alone, they pack as on the other backends.
 */
export const BORDER_WGSL = /* wgsl */ `
const INFINITE = 0x7f800000;
const LARGEST = 0x7f7fffff;
const FRACTION = 0x007fffff;

// The rank of a float among all floats.
fn rankOf(x : f32) -> i32 {
  let bits = bitcast<i32>(x);
  return select(bits, -(bits & 0x7fffffff), bits < 0);
}

// The first rank above alpha / 2; size: the bits of |alpha|.
fn aboveHalf(size : i32) -> i32 {
  return 1 + select(size - 0x00800000, size >> 1u, size < 0x01000000);
}

// The first rank whose x satisfies x / alpha + zero >= 0, rounded as IEEE 754 rounds.
fn borderOfSign(size : i32, zero : i32) -> i32 {
  let exponent = size >> 23u;
  let digits = u32((size & FRACTION) | 0x00800000); // alpha = digits * 2^(exponent - 150)
  if (zero == 0) {
    if (exponent > 150) { return (150 << 23u) - size; }
    return -i32(digits >> u32(min(151 - exponent, 31)));
  }
  let c = u32(abs(zero));
  let product = c * digits; // |c alpha|, exactly
  let spare = 8u - countLeadingZeros(product); // bits beyond a float's precision
  let rest = product & ((1u << spare) - 1u);
  let upper = i32(product >> spare) & FRACTION;
  let below = (min(exponent + i32(spare), 255) << 23u) + upper; // the last rank that is not above |c alpha|
  let reach = digits >> (countLeadingZeros(c) - 7u); // alpha * 2^(log2 c - 24): half the step of floats at c
  if (zero < 0) {
    return min(below + select(1, 0, rest <= reach), INFINITE);
  }
  return -min(below + select(0, 1, (1u << spare) - rest <= reach), LARGEST);
}

struct Border { rank : i32, mirrored : bool };

fn isOne(x : f32, border : Border) -> bool {
  let rank = select(rankOf(x), -rankOf(x), border.mirrored);
  return rank >= border.rank && rank <= INFINITE;
}
`;
