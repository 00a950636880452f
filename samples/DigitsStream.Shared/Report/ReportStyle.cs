namespace Psyne.Flow.Samples.Digits;

/// <summary>How the report looks, on light and on dark screens.</summary>
internal static class ReportStyle
{
    /// <summary>Without child selectors: a style sheet stands in the page as it is, where text is escaped.</summary>
    public const string Css = """

        :root { color-scheme: light dark; --paper: #ffffff; --ink: #1c2430; --soft: #667085; --line: #d5dae1; --fill: #f4f6f9; --one: #1f6fb2; --two: #c2561a; --hit: #2c8a57; --miss: #c0392b; }
        @media (prefers-color-scheme: dark) { :root { --paper: #14181f; --ink: #e6eaf0; --soft: #98a2b3; --line: #343c49; --fill: #1d232d; --one: #6cb2eb; --two: #f0935a; --hit: #5fc58f; --miss: #ef7d6f; } }
        body { margin: 2rem auto; max-width: 1140px; padding: 0 1.5rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.7rem; margin-bottom: 0.2rem; }
        h2 { font-size: 1.2rem; margin: 2.4rem 0 0.4rem; }
        p { max-width: 46rem; margin: 0.3rem 0 0.8rem; }
        .lead { color: var(--soft); }
        .figures { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin: 1.4rem 0; }
        .figures div { min-width: 8rem; }
        .figures strong { display: block; font-size: 1.6rem; line-height: 1.2; font-weight: 600; }
        .figures span { color: var(--soft); font-size: 0.85rem; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(440px, 1fr)); gap: 1rem 2rem; }
        .digits { display: grid; grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); gap: 1rem; }
        figure { margin: 0; }
        figcaption { color: var(--soft); font-size: 0.85rem; text-align: center; }
        .pair figcaption { text-align: left; color: var(--ink); font-weight: 600; font-size: 0.95rem; }
        .digits svg { border: 1px solid var(--line); }
        .scroll { overflow-x: auto; }
        svg { display: block; width: 100%; height: auto; font-family: system-ui, sans-serif; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: 0.25rem 0.7rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
        th { font-weight: 600; }
        .number { text-align: right; }
        .hit { background: color-mix(in srgb, var(--hit) calc(var(--share) * 0.7), transparent); }
        .miss { background: color-mix(in srgb, var(--miss) calc(var(--share) * 2.5), transparent); }
        .empty { color: var(--soft); font-style: italic; }
        code { font-family: ui-monospace, monospace; font-size: 0.9em; }
        .tick { fill: var(--soft); font-size: 11px; }
        .kind { fill: var(--soft); font: 11px ui-monospace, monospace; }
        .label, .name { fill: var(--ink); font-size: 13px; }
        .name { font-weight: 600; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .box { fill: var(--fill); stroke: var(--line); }
        .wire { fill: none; stroke: var(--soft); stroke-width: 1.2; }
        .head { fill: var(--soft); }
        .curve { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
        .curve.series0 { stroke: var(--one); }
        .curve.series1 { stroke: var(--two); }
        .dot.series0, .area.series0, .mean { fill: var(--one); }
        .dot.series1, .spread { fill: var(--two); }
        .area { fill-opacity: 0.55; }

        """;
}
