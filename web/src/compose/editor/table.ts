import { type CommandProps, mergeAttributes, Node } from '@tiptap/core';
import type { Node as DocumentNode, Schema } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import {
  addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, tableEditing, toggleHeaderRow,
} from '@tiptap/pm/tables';

declare module '@tiptap/core' {
  // As it is declared there, with its names.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface NodeConfig<Options, Storage> {
    tableRole?: string;
  }
  interface Commands<ReturnType> {
    table: {
      insertTable: (rows: number, columns: number) => ReturnType;
      addRow: () => ReturnType;
      addColumn: () => ReturnType;
      removeRow: () => ReturnType;
      removeColumn: () => ReturnType;
      removeTable: () => ReturnType;
      toggleHeader: () => ReturnType;
    };
  }
}

const SPANS = { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null, rendered: false } };

const Row = Node.create({
  name: 'tableRow',
  content: '(tableCell | tableHeader)*',
  tableRole: 'row',
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: ({ HTMLAttributes }) => ['tr', mergeAttributes(HTMLAttributes), 0],
});

function cell(name: string, tag: string, role: string) {
  return Node.create({
    name,
    content: 'block+',
    tableRole: role,
    isolating: true,
    addAttributes: () => SPANS,
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, mergeAttributes(HTMLAttributes), 0],
  });
}

function newTable(schema: Schema, rows: number, columns: number): DocumentNode | null {
  const { table, tableRow, tableCell, tableHeader } = schema.nodes;
  if (table === undefined || tableRow === undefined || tableCell === undefined || tableHeader === undefined) return null;
  const line = (at: number): DocumentNode => {
    const type = at === 0 ? tableHeader : tableCell;
    return tableRow.create(null, Array.from({ length: columns }, () => type.createAndFill()).filter((each) => each !== null));
  };
  return table.create(null, Array.from({ length: rows }, (_, at) => line(at)));
}

/** The cursor goes into the first cell, and a line after the table lets one go on writing. */
function insert({ tr, state, dispatch }: CommandProps, rows: number, columns: number): boolean {
  const table = newTable(state.schema, rows, columns);
  if (table === null) return false;
  if (dispatch === undefined) return true;
  const at = tr.selection.from;
  tr.replaceSelectionWith(table).scrollIntoView();
  tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(at + 1, tr.doc.content.size))));
  return true;
}

type Act = (state: CommandProps['state'], dispatch: CommandProps['dispatch']) => boolean;
const act = (wanted: Act) => () => ({ state, dispatch }: CommandProps) => wanted(state, dispatch);

/** Tables as mail programs know them: rows of cells, a first row of headings, no widths. Tab goes from cell to cell. */
const Table = Node.create({
  name: 'table',
  group: 'block',
  content: 'tableRow+',
  tableRole: 'table',
  isolating: true,
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: ({ HTMLAttributes }) => ['table', mergeAttributes(HTMLAttributes), ['tbody', 0]],
  addCommands: () => ({
    insertTable: (rows, columns) => (props) => insert(props, rows, columns),
    addRow: act(addRowAfter),
    addColumn: act(addColumnAfter),
    removeRow: act(deleteRow),
    removeColumn: act(deleteColumn),
    removeTable: act(deleteTable),
    toggleHeader: act(toggleHeaderRow),
  }),
  addKeyboardShortcuts() {
    const go = (by: 1 | -1) => () => {
      if (!this.editor.isActive('table')) return false;
      if (this.editor.commands.command(({ state, dispatch }) => goToNextCell(by)(state, dispatch))) return true;
      return by === 1 && this.editor.chain().addRow().command(({ state, dispatch }) => goToNextCell(1)(state, dispatch)).run();
    };
    return { Tab: go(1), 'Shift-Tab': go(-1) };
  },
  addProseMirrorPlugins: () => [tableEditing()],
  extendNodeSchema: ({ config }) => {
    const role = (config as { tableRole?: string }).tableRole;
    return role === undefined ? {} : { tableRole: role };
  },
});

export const TABLES = [Table, Row, cell('tableCell', 'td', 'cell'), cell('tableHeader', 'th', 'header_cell')];
