import type { PairCounts } from '@/lib/metrics/pair-counts';

/** The definitions by looking at every pair, in O(N^2): slow, and too simple to be wrong in the same way. */

export function bruteForcePairCounts(teacher: readonly number[], student: readonly number[]): PairCounts {
  const counts = { total: 0, concordant: 0, discordant: 0, teacherTied: 0, studentTied: 0, bothTied: 0 };
  teacher.forEach((t, i) => {
    for (let j = 0; j < i; j++) {
      const ofTeacher = Math.sign(t - Number(teacher[j]));
      const ofStudent = Math.sign(Number(student[i]) - Number(student[j]));
      counts.total++;
      if (ofTeacher === 0) counts.teacherTied++;
      if (ofStudent === 0) counts.studentTied++;
      if (ofTeacher === 0 && ofStudent === 0) counts.bothTied++;
      if (ofTeacher * ofStudent > 0) counts.concordant++;
      if (ofTeacher * ofStudent < 0) counts.discordant++;
    }
  });
  return counts;
}

export function bruteForceTauB(teacher: readonly number[], student: readonly number[]): number | null {
  const { total, concordant, discordant, teacherTied, studentTied } = bruteForcePairCounts(teacher, student);
  const product = (total - teacherTied) * (total - studentTied);
  return product === 0 ? null : (concordant - discordant) / Math.sqrt(product);
}

/** The mean overlap over every way to break the ties of both rows, for short rows. */
export function bruteForceExpectedOverlap(teacher: readonly number[], student: readonly number[], k: number): number {
  const ofTeacher = topSets(teacher, k);
  const ofStudent = topSets(student, k);
  let sum = 0;
  for (const a of ofTeacher) for (const b of ofStudent) sum += [...a].filter((place) => b.has(place)).length / k;
  return sum / (ofTeacher.length * ofStudent.length);
}

/** All sets of k places that no place outside exceeds; each is as likely as any other when ties are broken at random. */
function topSets(row: readonly number[], k: number): Set<number>[] {
  const sets: Set<number>[] = [];
  for (let bits = 0; bits < 2 ** row.length; bits++) {
    const inside = row.map((_, place) => place).filter((place) => (bits >> place) & 1);
    if (inside.length !== k) continue;
    const lowestInside = Math.min(...inside.map((place) => Number(row[place])));
    const highestOutside = Math.max(-Infinity, ...row.filter((_, place) => !((bits >> place) & 1)));
    if (lowestInside >= highestOutside) sets.push(new Set(inside));
  }
  return sets;
}
