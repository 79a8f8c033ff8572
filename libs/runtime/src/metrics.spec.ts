import { describe, expect, it } from '@jest/globals';
import { openMetrics } from './metrics.js';

describe('metrics', () => {
  it('starts every combination of labels at zero, and counts', async () => {
    const metrics = openMetrics({ processMetrics: false });
    const count = metrics.counter({ name: 'queries_total', help: 'h', labels: { outcome: ['clear', 'concern'] } });
    count({ outcome: 'clear' });
    count({ outcome: 'clear' }, 2);
    const text = await metrics.print();
    expect(text).toContain('queries_total{outcome="clear"} 3');
    expect(text).toContain('queries_total{outcome="concern"} 0');
  });

  it('lets no other value become a label, whether the types were obeyed or not', async () => {
    const metrics = openMetrics({ processMetrics: false });
    const count = metrics.counter({ name: 'queries_total', help: 'h', labels: { outcome: ['clear'] } });
    // @ts-expect-error not in the list
    count({ outcome: 'QQ123456C' });
    const text = await metrics.print();
    expect(text).toContain('queries_total{outcome="other"} 1');
    expect(text).not.toContain('QQ123456C');
  });

  it('records durations in buckets', async () => {
    const metrics = openMetrics({ processMetrics: false });
    const observe = metrics.histogram({
      name: 'wait_seconds',
      help: 'h',
      labels: { stage: ['admit'] },
      buckets: [0.1, 1],
    });
    observe({ stage: 'admit' }, 0.5);
    const text = await metrics.print();
    expect(text).toContain('wait_seconds_bucket{le="0.1",stage="admit"} 0');
    expect(text).toContain('wait_seconds_bucket{le="1",stage="admit"} 1');
  });

  it('can be opened twice in one process', async () => {
    const [first, second] = [openMetrics(), openMetrics()];
    first.counter({ name: 'same_total', help: 'h', labels: {} })({});
    expect(await second.print()).not.toContain('same_total');
    expect(await second.print()).toContain('process_cpu_user_seconds_total');
  });
});
