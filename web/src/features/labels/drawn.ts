import './labels.css';

export { LabelPane } from './LabelPane.tsx';
export { ConversationLabels, RowLabels } from './Chips.tsx';
