"""How well the search answers people's questions, beside Wagtail's stock backend, on the demonstration.

.venv/bin/python -m benchmarks.search_relevance [--worst 15]
"""

from __future__ import annotations

import argparse

from benchmarks.stage import say, scratch_site, table


def main() -> None:
    """Load the demonstration, ask everything to both, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=15, help="how many of our worst answers to show")
    options = parser.parse_args()
    with scratch_site():
        from django.core.management import call_command
        from modelsearch.backends.database.postgres.postgres import PostgresIndex, PostgresSearchBackend
        from wagtail.models import get_page_models

        from benchmarks import relevance
        from benchmarks.relevance import engines

        call_command("load_demo", verbosity=0)
        queries = relevance.queries()
        places = {query.place: engines.place_of(query.place) for query in queries}
        shown = {code: engines.everything(place) for code, place in places.items()}

        def scores(engine) -> list:
            return [
                relevance.judge(query, engine(places[query.place], query.text), shown[query.place])
                for query in queries
            ]

        found = {"ours": scores(engines.ours)}
        # The stock backend's own entries, in the place of the administration's.
        index = PostgresIndex(PostgresSearchBackend({"SEARCH_CONFIG": "french"}))
        index.reset()
        for model in get_page_models():
            rows = list(model.get_indexed_objects())
            if rows:
                index.add_items(model, rows)
        found["Wagtail, stock"] = scores(engines.stock)
        rows = [
            [
                name,
                sum(score.possible for score in result),
                f"{relevance.mean(result, lambda score: score.ndcg):.3f}",
                f"{relevance.mean(result, lambda score: score.success):.3f}",
            ]
            for name, result in found.items()
        ]
        table(["engine", "questions", "nDCG@10", "success@3"], rows)
        unanswerable = [score.query.text for score in found["ours"] if not score.possible]
        say(f"\nNothing of the demonstration answers: {', '.join(unanswerable) or 'none'}")
        worst = sorted((score for score in found["ours"] if score.possible), key=lambda score: score.ndcg)
        say("\nOur worst answers:")
        table(
            ["nDCG", "place", "question", "what came first"],
            [
                [
                    f"{score.ndcg:.2f}",
                    score.query.place,
                    score.query.text,
                    ", ".join(engines.ours(places[score.query.place], score.query.text)[:2]),
                ]
                for score in worst[: options.worst]
            ],
        )


if __name__ == "__main__":
    main()
