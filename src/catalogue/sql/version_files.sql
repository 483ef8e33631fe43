select vf.path, f.content
from catalogue_version_files vf
join catalogue_files f on f.hash = vf.file
join catalogue_versions v on v.hash = vf.version
where vf.version = $1 and v.kind = $2
order by vf.path
