import { useId, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import type { Absence, Filters } from './rules.ts';
import { Refusal } from './Refusal.tsx';
import { StandIn } from './StandIn.tsx';
import { useFilters } from './use-filters.ts';
import { type FilterWords, WORDS } from './words.ts';
import './filters.css';

/** A part of the settings: what is answered while one is away. */
export function AbsencePanel() {
  const words = useWords(WORDS);
  const { filters, problem, busy, kept, load, save } = useFilters();
  if (filters === null) {
    return problem === null ? <p className="soft">{words.loading}</p> : <Trouble what={words.unread} problem={problem} onRetry={load} />;
  }
  return (
    <>
      <AbsenceForm key={kept} filters={filters} busy={busy} onSave={(absence) => save({ absence })} />
      {problem !== null && <Refusal problem={problem} />}
    </>
  );
}

interface Props {
  readonly filters: Filters;
  readonly busy: boolean;
  readonly onSave: (absence: Absence) => Promise<boolean>;
}

/** Why it can't be kept yet. */
function faultOf(absence: Absence, words: FilterWords): string | null {
  if (!absence.on) return null;
  if (absence.start !== null && absence.end !== null && absence.end < absence.start) return words.away.order;
  const silent = absence.inside.trim() === '' || (absence.answerOutside && absence.outside?.trim() === '');
  return silent ? words.away.missing : null;
}

/** Which fields FAULT is about: those get its ID. */
function tiesOf(absence: Absence, fault: string | null, order: string, id: string) {
  const silent = (text: string | null) => (fault !== null && fault !== order && text?.trim() === '' ? id : undefined);
  return { days: fault === order ? id : undefined, inside: silent(absence.inside), outside: silent(absence.outside) };
}

function AbsenceForm({ filters, busy, onSave }: Props) {
  const words = useWords(WORDS);
  const { away } = words;
  const [absence, setAbsence] = useState(filters.absence);
  const [changed, setChanged] = useState(false);
  const change = (part: Partial<Absence>): void => {
    setAbsence((now) => ({ ...now, ...part }));
    setChanged(true);
  };
  const fault = faultOf(absence, words);
  const told = useId();
  const ties = tiesOf(absence, fault, away.order, told);
  const own = absence.answerOutside && absence.outside !== null;
  return (
    <form
      className="rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === null) void onSave(absence);
      }}
    >
      <p className="soft">
        {away.intro} {away.needed}
      </p>
      <label className="choice-option">
        <input type="checkbox" checked={absence.on} onChange={(event) => change({ on: event.target.checked })} />
        <span className="label">{away.on}</span>
      </label>
      <div className="dates">
        <Day label={away.start} fault={ties.days} value={absence.start} onChange={(start) => change({ start })} />
        <Day label={away.end} fault={ties.days} value={absence.end} onChange={(end) => change({ end })} />
      </div>
      <p className="soft">{away.dates}</p>
      <label className="rule-field">
        <span className="label">{away.subject}</span>
        <input className="input" maxLength={300} autoComplete="off" placeholder={away.subjectDefault} value={absence.subject} onChange={(event) => change({ subject: event.target.value })} />
      </label>
      <Words required={absence.on} fault={ties.inside} label={own ? away.insideOnly : away.inside} value={absence.inside} placeholder={away.placeholder} onChange={(inside) => change({ inside })} />
      <Outsiders absence={absence} onChange={change} />
      {own && <Words required={absence.on} fault={ties.outside} label={away.outside} value={absence.outside} placeholder={away.placeholder} onChange={(outside) => change({ outside })} />}
      <StandIn standIn={absence.standIn} mayPassOn={filters.redirects.scope !== 'none'} onChange={(standIn) => change({ standIn })} />
      {fault !== null && (
        <p id={told} className="field-error" role="alert">
          {fault}
        </p>
      )}
      <div className="rule-buttons">
        <Button type="submit" look="primary" label={away.save} disabled={busy || !changed || fault !== null} />
        <span role="status" className="soft">
          {!changed && filters.script !== '' ? away.saved : ''}
        </span>
      </div>
    </form>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string | null;
  /** The id of what is wrong with it. */
  readonly fault: string | undefined;
  readonly onChange: (day: string | null) => void;
}

function Day({ label, value, fault, onChange }: DayProps) {
  return (
    <label className="rule-field">
      <span className="label">{label}</span>
      <input type="date" className="input" value={value ?? ''} aria-invalid={fault !== undefined} aria-describedby={fault} onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)} />
    </label>
  );
}

interface WordsProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly required: boolean;
  /** The id of what is wrong with it. */
  readonly fault: string | undefined;
  readonly onChange: (text: string) => void;
}

function Words({ label, value, placeholder, required, fault, onChange }: WordsProps) {
  return (
    <label className="rule-field">
      <span className="label">{label}</span>
      <textarea className="input rule-text" autoComplete="off" rows={5} maxLength={10_000} placeholder={placeholder} value={value} aria-required={required} aria-invalid={fault !== undefined} aria-describedby={fault} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

/** Who isn't of the academy gets the same words, others, or none. */
function Outsiders({ absence, onChange }: { readonly absence: Absence; readonly onChange: (part: Partial<Absence>) => void }) {
  const { away } = useWords(WORDS);
  const name = useId();
  const own = absence.outside ?? '';
  const choices: readonly (readonly [string, boolean, Partial<Absence>])[] = [
    [away.same, absence.answerOutside && absence.outside === null, { answerOutside: true, outside: null }],
    [away.other, absence.answerOutside && absence.outside !== null, { answerOutside: true, outside: own }],
    [away.no, !absence.answerOutside, { answerOutside: false }],
  ];
  return (
    <fieldset className="choice">
      <legend className="choice-legend">{away.outsiders}</legend>
      <div className="choice-options">
        {choices.map(([label, checked, part]) => (
          <label key={label} className="choice-option">
            <input type="radio" name={name} checked={checked} onChange={() => onChange(part)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
