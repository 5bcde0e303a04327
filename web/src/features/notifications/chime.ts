/** Two soft tones, made here: nothing to fetch. A browser that forbids sound before a click stays silent. */
export function chime(): void {
  const context = new AudioContext();
  const volume = context.createGain();
  volume.gain.value = 0.08;
  volume.connect(context.destination);
  for (const [at, tone] of [660, 880].entries()) {
    const voice = context.createOscillator();
    voice.frequency.value = tone;
    voice.connect(volume);
    voice.start(context.currentTime + at * 0.14);
    voice.stop(context.currentTime + at * 0.14 + 0.12);
    if (at === 1) voice.onended = () => void context.close();
  }
}
