/** Plain values: what a training run is, what it reports and how it ends; no behaviour beyond gain and order. */
package io.stopcast.run;
