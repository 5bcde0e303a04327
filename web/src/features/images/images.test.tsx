import { describe, expect, it } from 'vitest';

import { imageChoices, mayShow, withSender } from '../../render/consent.ts';

const NOBODY = { settings: {} };

describe('whose pictures are shown', () => {
  it('nobody’s at first', () => {
    expect(mayShow(imageChoices(NOBODY), 'a@exemple.fr')).toBe(false);
  });

  it('those of a sender who was named, whatever the letters', () => {
    const choices = withSender(imageChoices(NOBODY), 'Lettre@Exemple.fr');
    expect(mayShow(choices, 'lettre@exemple.FR')).toBe(true);
    expect(mayShow(choices, 'autre@exemple.fr')).toBe(false);
    expect(mayShow(choices, null)).toBe(false);
  });

  it('nobody’s where it was chosen so', () => {
    const choices = { ...withSender(imageChoices(NOBODY), 'lettre@exemple.fr'), mode: 'never' as const };
    expect(mayShow(choices, 'lettre@exemple.fr')).toBe(false);
  });

  it('names each sender once, and a thousand at most', () => {
    let choices = imageChoices(NOBODY);
    for (let at = 0; at < 1100; at += 1) choices = withSender(choices, `n${at}@exemple.fr`);
    choices = withSender(choices, 'n1099@exemple.fr');
    expect(choices.senders).toHaveLength(1000);
    expect(new Set(choices.senders).size).toBe(1000);
  });
});
