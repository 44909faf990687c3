import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { className } from '../../model/datasets.ts';
import type { Answers } from '../../workers/protocol.ts';
import card from '../controls/card.module.css';
import chart from '../charts/chart.module.css';
import { EnlargeButton } from '../charts/enlarge.tsx';
import figures from '../charts/readings.module.css';
import { usePage, useLabState } from '../context.ts';
import css from './answers.module.css';

export const answersTab = {
  title: 'Answers',
  explanation: 'The first test images, and what the network took them for at the last test.',
};

/** What the network says to the first test images: asked for anew after every test, and in every other network. */
function useAnswers(): Answers | null {
  const { lab, redraw } = usePage();
  const loaded = useLabState((state) => state.loaded);
  const [answers, setAnswers] = useState<Answers | null>(null);
  useEffect(() => {
    if (loaded === null) return undefined;
    let [current, seen] = [true, -1];
    const remove = redraw.add(() => {
      const tests = lab.run.history.of('testLoss')[0]?.length ?? 0;
      if (tests === seen) return;
      seen = tests;
      void lab.answers().then((news) => {
        if (current && news !== undefined) setAnswers(news);
      });
    });
    return () => {
      current = false;
      remove();
    };
  }, [lab, redraw, loaded]);
  return answers;
}

/** Test images with the network's answers, wrong ones marked. */
export function AnswersChart({ heading }: { heading: ReactNode }) {
  const answers = useAnswers();
  const dataset = useLabState((state) => (state.loaded ?? state.experiment).dataset);
  const title = useId();
  const right = answers?.named.filter((named, i) => named === answers.labels[i]).length ?? 0;
  return (
    <figure className={`${card.card} ${chart.chart}`} aria-labelledby={title}>
      <header className={chart.header}>
        <span id={title} className="visually-hidden">
          Answers. {answersTab.explanation}
        </span>
        {heading}
        <div className={chart.tools}>
          <EnlargeButton place="accuracy" title={answersTab.title} />
        </div>
      </header>
      <dl className={figures.readings}>
        {answers !== null && (
          <div className={figures.reading}>
            <dt>right</dt>
            <dd>
              {right} of {answers.labels.length}
              <span className={figures.deviation}> at step {answers.step}</span>
            </dd>
          </div>
        )}
      </dl>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must take the focus */}
      <div className={`${chart.plot} ${css.scroll}`} tabIndex={0} role="group" aria-label="Test images">
        {answers === null && (
          <p className={chart.empty}>The first test images appear here, with what the network takes them for.</p>
        )}
        <ol className={isWordy(dataset) ? `${css.images} ${css.wordy}` : css.images}>
          {answers?.labels.map((label, i) => (
            <Answer key={i} answers={answers} index={i} name={(index) => className(dataset, index)} label={label} />
          ))}
        </ol>
      </div>
    </figure>
  );
}

/** Whether the classes have names that take more room than a number. */
const isWordy = (dataset: string): boolean => className(dataset, 0) !== '0';

interface AnswerProps {
  readonly answers: Answers;
  readonly index: number;
  readonly label: number;
  readonly name: (label: number) => string;
}

/** One image, the answer below it, and how sure the network is of it. */
function Answer({ answers, index, label, name }: AnswerProps) {
  const { shape, pixels } = answers;
  const named = answers.named[index];
  const sure = answers.sure[index];
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const size = 4 * shape.height * shape.width;
    const image = new ImageData(pixels.slice(index * size, (index + 1) * size), shape.width, shape.height);
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [pixels, shape, index]);
  const isRight = named === label;
  const share = Number.isFinite(sure) ? Math.round(100 * sure) : 0;
  return (
    <li
      className={isRight ? css.image : `${css.image} ${css.wrong}`}
      title={`${name(named)}, ${share} % sure${isRight ? '' : `; it is ${name(label)}`}`}
    >
      <canvas ref={canvas} width={shape.width} height={shape.height} aria-hidden />
      <span className={css.sure} style={{ width: `${share}%` }} aria-hidden />
      <span className={css.answer}>
        {name(named)}
        {!isRight && <span className={css.truth}> ≠ {name(label)}</span>}
      </span>
    </li>
  );
}
