// What an app exports for Prometheus: each metric with its labels and the values that they have.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `url`: where the app is monitored. */
export async function scrape(url: string): Promise<Sample[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').flatMap((line) => {
    const found = /^(?<name>\w+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/.exec(line)?.groups;
    if (found?.['name'] === undefined) return [];
    const labels = [...(found['labels'] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]);
    return [
      {
        name: found['name'],
        labels: Object.fromEntries(labels) as Record<string, string>,
        value: Number(found['value']),
      },
    ];
  });
}

export interface Asked {
  readonly metric: string;
  /** That are selected by. */
  readonly selected: readonly string[];
}

/** The metrics of this mesh that an expression reads, and all labels that it selects or groups by. */
export function readBy(expression: string): { readonly asked: readonly Asked[]; readonly grouped: readonly string[] } {
  const asked = [...expression.matchAll(/\b(anonymesh_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', selectors = '']) => ({
      metric,
      selected: [...selectors.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
    }),
  );
  const grouped = [...expression.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(','),
  );
  return { asked, grouped: grouped.map((label) => label.trim()) };
}
