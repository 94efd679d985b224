import type { Member } from './member.ts';

/** What is left after that is a second more than requests in flight may take: see patienceMs. */
const inTurnMs = 4000;

/**
 * Tells workers to end, one after the other for four seconds, so that the port is served meanwhile; then tells all
 * that are left. Resolves when all have ended.
 * @param deadlineMs after how many milliseconds those that have not ended are killed
 * @param onTold is called before each is told
 */
export async function drain(
  members: readonly Member[],
  deadlineMs: number,
  onTold: (member: Member) => void,
): Promise<void> {
  const { promise: isTime, resolve } = Promise.withResolvers<undefined>();
  const together = setTimeout(resolve, inTurnMs, undefined);
  const deadline = setTimeout(() => {
    for (const member of members) member.kill();
  }, deadlineMs);
  for (const member of members) {
    onTold(member);
    member.tellToEnd();
    await Promise.race([member.gone, isTime]);
  }
  await Promise.all(members.map(({ gone }) => gone));
  clearTimeout(together);
  clearTimeout(deadline);
}
