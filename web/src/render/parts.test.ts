import { describe, expect, it } from 'vitest';

import type { BodyPart } from '../store/types.ts';
import { drawnAtOnce } from './parts.ts';

const html = (value: string): BodyPart => ({ kind: 'html', value, truncated: false });
const text = (value: string): BodyPart => ({ kind: 'text', value, truncated: false });

describe('the parts of a message', () => {
  it('are all there in any ordinary one', () => {
    expect(drawnAtOnce([], 0)).toBe(0);
    expect(drawnAtOnce([html('<p>a</p>'.repeat(15_000)), text('a'), text('-- \nliste'.repeat(90))], 0)).toBe(1);
    expect(drawnAtOnce([html('<p>a</p>'.repeat(4_000)), text('a'), text('-- \nliste')], 0)).toBe(3);
  });

  it('come a few at a time where they are many', () => {
    const many = Array.from({ length: 1_500 }, () => html('<p>a</p>'));
    expect([0, 1, 200].map((asked) => drawnAtOnce(many, asked))).toEqual([12, 24, 1_500]);
  });

  it('come one by one where each is heavy', () => {
    const heavy = Array.from({ length: 60 }, () => html('<span>a</span>'.repeat(9_000)));
    expect([0, 1, 2].map((asked) => drawnAtOnce(heavy, asked))).toEqual([1, 2, 3]);
  });
});
