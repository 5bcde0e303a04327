/** Starts a clock, and gives what reads it: milliseconds that this thread worked, whatever else the machine does meanwhile. */
export function clock(): () => number {
  const begun = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(begun);
    return (user + system) / 1000;
  };
}
