/*! Part-of-speech tags, lemmas and dependency relations of one tokenised sentence.

A greedy transition-based parser over an averaged perceptron: no network, no
threads, the same answer on every machine. The weights are a value that the
caller loads and passes in; `models/` trains them.
*/
