"""What any scoring has to beat, computed on the same tasks."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from benchmarks.consortia.data import DataSet
from benchmarks.consortia.metrics import SEED
from benchmarks.consortia.protocol import Task

Floats = NDArray[np.float64]

BASELINES: Final = ("random", "popularity", "TF-IDF", "common neighbours", "Adamic-Adar")


class WordVectors:
    """TF-IDF of words over all project texts (rarity needs no labels, so all texts may count)."""

    def __init__(self, data: DataSet) -> None:
        self._row = {project.id: row for row, project in enumerate(data.projects)}
        vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.5, stop_words="english")
        self._vectors: Any = vectorizer.fit_transform([p.text for p in data.projects])

    def cosine(self, task: Task) -> Floats:
        """Cosine of the sums of the earlier projects' vectors."""
        profiles = [
            np.asarray(self._vectors[[self._row[p.id] for p in own]].sum(axis=0)).ravel()
            for own in task.projects
        ]
        unit = normalize(np.stack(profiles))
        return np.asarray(unit @ unit.T)


def baseline_scores(task: Task, words: WordVectors) -> dict[str, Floats]:
    """A score matrix for each baseline, with one row a candidate and one column a candidate."""
    count = len(task.candidates)
    partners = (task.links > 0).astype(float).tocsr()
    rarity = 1 / np.log(np.maximum(task.degree, 2))
    return {
        "random": np.random.default_rng(SEED).random((count, count)),
        "popularity": np.tile(task.size, (count, 1)),
        "TF-IDF": words.cosine(task),
        "common neighbours": np.asarray((partners @ partners.T).toarray()),
        "Adamic-Adar": np.asarray((partners.multiply(rarity).tocsr() @ partners.T).toarray()),
    }
