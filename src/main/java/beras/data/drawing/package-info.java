/** What is drawn becomes a file; not exported, for it needs {@code java.desktop}. */
package beras.data.drawing;
