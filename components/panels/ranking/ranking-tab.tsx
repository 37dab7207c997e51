'use client';

/** Does each student put the keys of a row in the teacher's order? Per layer, in one row, and in what the ranking loss would do. */
export default function RankingTab() {
  return null;
}
