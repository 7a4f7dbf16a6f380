/** The families of trainings: what runs each plans, and how it trains one. */
package io.stopcast.datasets.family;
