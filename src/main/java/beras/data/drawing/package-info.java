/** Pictures become files; not exported, as the module {@code java.desktop} is optional. */
package beras.data.drawing;
