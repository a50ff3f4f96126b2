#!/bin/sh
# One simulation job with curl and a token: submit, follow, fetch its output file.
#   INK_URL=https://portal.example INK_TOKEN_FILE=~/.ink/token ./one-job.sh [MASS]
# The token goes to curl in a file: the arguments of a program are seen by everybody on the machine.
set -eu
url=${INK_URL:-http://127.0.0.1:8420}
mass=${1:-12}
here=$(cd "$(dirname "$0")" && pwd)
token=${INK_TOKEN_FILE:-$HOME/.ink/token}
[ -r "$token" ] || { echo "no token in $token: put one there, from the portal's page of tokens" >&2 && exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(umask 077 && printf 'Ink-Token: %s\nContent-Type: application/json\n' "$(cat "$token")" >"$work/headers")

ask() { curl --silent --show-error --fail --max-time 120 --header @"$work/headers" "$@"; }

field() { # NAME: the text of the first such field of the JSON on standard input
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

good() { # passes an answer on if its status says that all is well
    answer=$(cat)
    case $answer in
    '{"status":"200"'*) printf '%s\n' "$answer" ;;
    '') return 1 ;; # curl has said why
    *) printf 'refused: %s\n' "$answer" >&2 && return 1 ;;
    esac
}

# The job is one line of awk: neutrons of 2 MeV lose energy in collisions with nuclei of mass A until 0.025 eV.
cat >"$work/job.json" <<'END'
{"job_script": "#!/bin/sh\nawk -v A=\"$1\" 'BEGIN { srand(1); a = ((A-1)/(A+1))^2; for (n = 0; n < 1000; n++) for (e = 2e6; e > 0.025; e *= a + (1-a)*rand()) c++; printf \"%g %.2f\\n\", A, c/1000 }' > result.txt\n",
END
printf ' "job_parameters": ["%s"], "job_name": "moderator", "mem": 100}\n' "$mass" >>"$work/job.json"

made=$(ask --data @"$work/job.json" "$url/api/v2/cr/create_job_with_path" | good)
job=$(printf '%s' "$made" | field jobId)
path=$(printf '%s' "$made" | field jobPath)
echo "submitted as $job"

tries=0
while :; do
    status=$(ask "$url/api/v2/cr/query_jobs" | good | tr '{' '\n' | grep "\"jobId\":\"$job\"" | field jobStatus || true)
    case $status in
    COMPLETED) break ;;
    FAILED | CANCELLED | TIMEOUT | OUT_OF_MEMORY) echo "the job ended as $status" >&2 && exit 1 ;;
    esac
    tries=$((tries + 1))
    [ "$tries" -lt 450 ] || { echo "the job has not ended" >&2 && exit 1; }
    sleep 2
done
ask --get --data-urlencode "TargetPath=$path/result.txt" "$url/api/v2/fs/download_file"
