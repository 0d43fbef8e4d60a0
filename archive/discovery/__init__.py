"""The sources that list an outlet's articles: WordPress REST, sitemaps, feeds, listing pages."""
