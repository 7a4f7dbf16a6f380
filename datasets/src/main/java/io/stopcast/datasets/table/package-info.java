/** The tables that are trained on: where each lies, how it is fetched, and how its columns become numbers. */
package io.stopcast.datasets.table;
