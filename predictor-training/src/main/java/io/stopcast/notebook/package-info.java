/** Notebooks: Java cells in a text file, run in a shell of their own, with tables and charts of a history at hand. */
package io.stopcast.notebook;
