import './teamwork.css';

export { ComposerWatch } from './ComposerWatch.tsx';
export { OnBehalf } from './OnBehalf.tsx';
export { RowMark } from './RowMark.tsx';
export { TeamBar } from './TeamBar.tsx';
