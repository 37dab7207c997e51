/**
 * Which floats become a 1, in WGSL, without a division.
 *
 * The rules of `layout.ts` divide: x / alpha + z >= 0, p / alpha > 0.5. A GPU's division may err by 2.5 units of the last place, and
 * it may take a subnormal number for 0; near the border such an x would get the other bit. But each rule is monotonic in x,
 * so it is "x is at or above a border", and the border, the smallest float that the correctly rounded rule makes a 1, follows from alpha
 * and z by integer arithmetic alone:
 *
 * - Floats are compared by their **place** among all floats: their bits, read as an integer, order as they do, once the negative
 *   ones are turned round. -0 and 0 share place 0; the infinities are the last places; what lies beyond is NaN, and becomes a 0.
 * - **p / alpha > 0.5** rounds to no more than 0.5 exactly where p <= alpha / 2: p is above the middle of 0.5 and the next float
 *   as soon as it is above alpha / 2 at all. Halving takes one from the exponent.
 * - **x / alpha + z >= 0** is x / alpha >= c = -z, for a sum of floats never rounds to 0. Rounded to nearest, x / alpha reaches c from
 *   half a step of floats below it: x >= c alpha - reach, reach = alpha * (half the step); c itself is even, so a tie goes to it.
 *   (Below a power of two the step is half of that above; but then c alpha is a float, and the one before it too far away.)
 *   c alpha is an exact integer product of 8 and 24 bits; its 24 upper bits are a float, and the border is that float or the next.
 * - z = 0 is a case of its own: a negative x / alpha that underflows to -0 counts as >= 0, so the border is -alpha * 2^-150.
 *
 * A negative alpha mirrors x. Holds for every x and every normal alpha (elastic: every finite alpha), and |z| <= 255.
 * NaN and the infinities: WGSL lets an implementation assume that there are none, so what is said of them here is what integer operations
 * on their bits give, as on the other backends, where the implementation leaves those bits alone; nobody promises that it does.
 */
export const BORDER_WGSL = /* wgsl */ `
const INFINITE = 0x7f800000;
const LARGEST = 0x7f7fffff;
const FRACTION = 0x007fffff;

// Where a float stands among all floats.
fn cellOf(x : f32) -> i32 {
  let bits = bitcast<i32>(x);
  return select(bits, -(bits & 0x7fffffff), bits < 0);
}

// The first place above alpha / 2; size: the bits of |alpha|.
fn aboveHalf(size : i32) -> i32 {
  return 1 + select(size - 0x00800000, size >> 1u, size < 0x01000000);
}

// The first place whose x satisfies x / alpha + zero >= 0, rounded as IEEE 754 rounds.
fn borderOfSign(size : i32, zero : i32) -> i32 {
  let exponent = size >> 23u;
  let digits = u32((size & FRACTION) | 0x00800000); // alpha = digits * 2^(exponent - 150)
  if (zero == 0) {
    if (exponent > 150) { return (150 << 23u) - size; }
    return -i32(digits >> u32(min(151 - exponent, 31)));
  }
  let c = u32(abs(zero));
  let product = c * digits; // |c alpha|, exactly
  let spare = 8u - countLeadingZeros(product); // bits that a float has no room for
  let rest = product & ((1u << spare) - 1u);
  let upper = i32(product >> spare) & FRACTION;
  let below = (min(exponent + i32(spare), 255) << 23u) + upper; // the last place that is not above |c alpha|
  let reach = digits >> (countLeadingZeros(c) - 7u); // alpha * 2^(log2 c - 24): half the step of floats at c
  if (zero < 0) {
    return min(below + select(1, 0, rest <= reach), INFINITE);
  }
  return -min(below + select(0, 1, (1u << spare) - rest <= reach), LARGEST);
}

struct Border { place : i32, mirrored : bool };

fn isOne(x : f32, border : Border) -> bool {
  let place = select(cellOf(x), -cellOf(x), border.mirrored);
  return place >= border.place && place <= INFINITE;
}
`;
