// The text of a query: words in colours, completion by the tables that may be read, and a mark where
// something is wrong. Ctrl Enter asks.

import { autocompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, sql, type SQLNamespace } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';

export type EditorMark = { line: number; column: number; message: string } | null;
export type EditorHands = {
  text: () => string;
  replace: (text: string) => void; // the whole text
  insert: (text: string) => void; // at the cursor
  go_to: (line: number, column: number) => void;
};

type Props = {
  first: string;
  label: string;
  tables: Record<string, string[]>;
  mark: EditorMark;
  run: () => void;
  change: (text: string) => void;
  hands: (hands: EditorHands) => void;
};

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: '13px', lineHeight: '20px' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--text)',
  },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--soft)', border: '0' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft) !important',
  },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--warn)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--info)' },
  { tag: tags.typeName, color: 'var(--good)' },
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
]);

function place(state: EditorState, line: number, column: number): number {
  const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  // The server counts characters, the editor UTF-16 units.
  const before = Array.from(at.text).slice(0, Math.max(column - 1, 0)).join('');
  return at.from + Math.min(before.length, at.length);
}

export default function SqlEditor(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const now = useRef(props);
  now.current = props;
  useEffect(() => {
    const { first, label, tables, hands } = now.current;
    const ask = { key: 'Mod-Enter', run: () => (now.current.run(), true) };
    const made = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: first,
        extensions: [
          Prec.highest(keymap.of([ask])),
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          autocompletion(),
          syntaxHighlighting(colours),
          sql({ dialect: PostgreSQL, schema: tables as SQLNamespace, upperCaseKeywords: true }),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) now.current.change(update.state.doc.toString());
          }),
          look,
        ],
      }),
    });
    view.current = made;
    hands({
      text: () => made.state.doc.toString(),
      replace: (text) => {
        made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: text } });
        made.focus();
      },
      insert: (text) => {
        made.dispatch(made.state.replaceSelection(text));
        made.focus();
      },
      go_to: (line, column) => {
        const at = place(made.state, line, column);
        made.dispatch({ selection: { anchor: at }, scrollIntoView: true });
        made.focus();
      },
    });
    return () => made.destroy();
  }, []);
  const { mark } = props;
  useEffect(() => {
    const made = view.current;
    if (!made) return;
    const at = mark && place(made.state, mark.line, mark.column);
    const found =
      mark && at !== null
        ? [
            {
              from: at,
              to: made.state.wordAt(at)?.to ?? Math.min(at + 1, made.state.doc.length),
              severity: 'error' as const,
              message: mark.message,
            },
          ]
        : [];
    made.dispatch(setDiagnostics(made.state, found));
  }, [mark]);
  return <div ref={box} className="sql-editor" />;
}
