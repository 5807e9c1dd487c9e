/**
 * Text as tokens: a {@link beras.data.text.Vocabulary} cuts texts into characters, words or byte-pair tokens,
 * {@link beras.data.text.TextWindows} are the examples from which a model learns which token comes next, and
 * {@link beras.data.text.TextPreprocessor} keeps the vocabulary with the model. Begin with {@code Vocabulary.ofCharacters};
 * {@code beras.models.TokenGenerator} continues a text.
 */
package beras.data.text;
